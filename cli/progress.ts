import { cut } from '../shared/render/text.ts';
import { durationText } from '../shared/render/time.ts';

/** How far long work has come. */
export interface Step {
  /** What is done; another text is other work, with a pace of its own. */
  readonly what: string;
  readonly done: number;
  /** All there is to do, as far as it is known by now. */
  readonly of?: number;
  /** What is counted, in the plural. */
  readonly unit: string;
}

/** What is told on the side while people wait for the answer. */
export interface Progress {
  readonly show: (step: Step) => void;
  /** A line that stays. */
  readonly note: (line: string) => void;
  /** Takes away what would be written over: the answer comes next. */
  readonly end: () => void;
}

/** For whoever does not watch. */
export const SILENT: Progress = { show: () => undefined, note: () => undefined, end: () => undefined };

/** The part of stderr that is needed. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_SECONDS = 0.1;
const LINE_SECONDS = 10;
const CLEAR_LINE = '\r\u001b[K';

/** Progress on a terminal as one line that is written over, elsewhere as a line every ten seconds. `now` is in seconds. */
export function progressOn(stream: ProgressStream, now = () => performance.now() / 1000): Progress {
  const pause = stream.isTTY ? REDRAW_SECONDS : LINE_SECONDS;
  let what: string | undefined;
  let begunAt = 0;
  let toldAt = stream.isTTY ? Number.NEGATIVE_INFINITY : now();
  let isDrawn = false;
  const end = () => {
    if (isDrawn) stream.write(CLEAR_LINE);
    isDrawn = false;
  };
  return {
    show(step) {
      const at = now();
      if (step.what !== what) [what, begunAt] = [step.what, at];
      if (at - toldAt < pause) return;
      toldAt = at;
      const line = stepText(step, at - begunAt);
      isDrawn = stream.isTTY === true;
      stream.write(isDrawn ? CLEAR_LINE + cut(line, (stream.columns ?? 80) - 1) : `${line}\n`);
    },
    note(line) {
      end();
      stream.write(`${line}\n`);
    },
    end,
  };
}

/** Seconds from which on a pace says something. */
const PACE_SECONDS = 1;

/** `reading CloudWatch: 1,200 of 4,800 metrics, 400/s, 9 s left`. */
function stepText({ what, done, of, unit }: Step, seconds: number): string {
  const amount = `${figure(done)}${of === undefined ? '' : ` of ${figure(of)}`} ${unit}`;
  if (done === 0 || seconds < PACE_SECONDS) return `${what}: ${amount}`;
  const pace = done / seconds;
  const left = of === undefined ? [] : [`${leftText((of - done) / pace)} left`];
  return [`${what}: ${amount}`, `${figure(pace < 10 ? Number(pace.toFixed(1)) : pace)}/s`, ...left].join(
    ', ',
  );
}

const leftText = (seconds: number): string =>
  seconds < 60 ? `${Math.ceil(seconds)} s` : durationText(seconds);

const figure = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
