/** A Slack message as a terminal can show it: the text of its blocks, unescaped, without markup. */
export function slackAsText(payload: Readonly<Record<string, unknown>>): string {
  const { blocks } = payload;
  const lines = Array.isArray(blocks) ? blocks.flatMap(blockLines) : [String(payload['text'])];
  return lines.map(plain).join('\n');
}

function blockLines(block: unknown): string[] {
  if (!isRecord(block)) return [];
  if (block['type'] === 'divider') return ['-'.repeat(40)];
  const parts = [block['text'], ...list(block['fields']), ...list(block['elements'])];
  const texts = parts.flatMap((part) =>
    isRecord(part) && typeof part['text'] === 'string' ? [part['text']] : [],
  );
  return block['type'] === 'context' ? [texts.join(' · ')] : texts;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function plain(text: string): string {
  return text
    .replace(/<(?:https?:[^|>]*)\|([^>]*)>/g, '$1')
    .replace(/[*`]/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
