import type { Rule } from '../shared/domain/causes/rule.ts';
import { RULES } from '../shared/domain/causes/rules.ts';
import { percent } from '../shared/domain/number.ts';

/** The table of docs/causes.md: every rule as the detector knows it. Printed by `npx tsx infra/causes-table.ts`. */
export const causesTable = (): string =>
  ['| cause | what gives it away | what ends it | what that saves |', '| --- | --- | --- | --- |']
    .concat(RULES.map(row))
    .join('\n');

const row = ({ id, title, signs, fix, saves, source }: Rule): string => {
  const range = `${percent(saves.low)} to ${percent(saves.high)}: ${saves.why}`;
  const cells = [`**${title}** (\`${id}\`)`, signs, `${fix} [Source](${source})`, range];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
};

if (process.argv[1] === import.meta.filename) process.stdout.write(`${causesTable()}\n`);
