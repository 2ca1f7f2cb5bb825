/** Points in the units of an SVG; undefined: there is none. */
export type Point = readonly [x: number, y: number | undefined];

/** Whole units: a chart is about as many pixels wide. */
const short = (value: number): string => String(Math.round(value));

/** A line through the points, broken where there is none. A point between two breaks is a dot, with round line caps. */
export function linePath(points: readonly Point[]): string {
  let isDown = false;
  return points
    .map(([x, y], i) => {
      if (y === undefined) {
        isDown = false;
        return '';
      }
      const isLonely = !isDown && points[i + 1]?.[1] === undefined;
      const part = `${isDown ? 'L' : 'M'}${short(x)} ${short(y)}${isLonely ? 'h0' : ''}`;
      isDown = true;
      return part;
    })
    .join('');
}

/** A line that keeps each point's height up to the next one; closed down to `floor` if that is given. */
export function stepPath(points: readonly Point[], floor?: number): string {
  let height: number | undefined;
  const close = floor === undefined ? '' : `V${short(floor)}Z`;
  const parts = points.map(([x, y]) => {
    const before = height;
    height = y;
    if (before === undefined) {
      if (y === undefined) return '';
      return floor === undefined ? `M${short(x)} ${short(y)}` : `M${short(x)} ${short(floor)}V${short(y)}`;
    }
    if (y === undefined) return `H${short(x)}${close}`;
    return y === before ? '' : `H${short(x)}V${short(y)}`;
  });
  const [lastX] = points.at(-1) ?? [0];
  return parts.join('') + (height === undefined ? '' : `H${short(lastX)}${close}`);
}
