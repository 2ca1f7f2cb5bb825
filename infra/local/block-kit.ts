/**
 * Slack's rules for the blocks of a message (https://docs.slack.dev/reference/block-kit/blocks). Returns what is
 * wrong first, or undefined.
 */
export function blocksProblem(blocks: unknown): string | undefined {
  if (!Array.isArray(blocks)) return 'blocks must be an array';
  if (blocks.length > 50) return 'no more than 50 items allowed [json-pointer:/blocks]';
  for (const [index, block] of blocks.entries()) {
    const problem = isRecord(block) ? blockProblem(block) : 'must be an object';
    if (problem !== undefined) return `${problem} [json-pointer:/blocks/${index}]`;
  }
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function blockProblem(block: Fields): string | undefined {
  const { block_id: blockId } = block;
  if (blockId !== undefined && (typeof blockId !== 'string' || blockId.length > 255))
    return 'invalid block_id';
  switch (block['type']) {
    case 'header':
      return textProblem(block['text'], 150, ['plain_text']);
    case 'section':
      return sectionProblem(block);
    case 'context':
      return listProblem(block['elements'], 10, (element) =>
        isRecord(element) && element['type'] === 'image'
          ? imageProblem(element)
          : textProblem(element, 2_000),
      );
    case 'actions':
      return listProblem(block['elements'], 25, (element) =>
        isRecord(element) && typeof element['type'] === 'string' ? undefined : 'must be an element',
      );
    case 'image':
      return imageProblem(block);
    case 'divider':
      return undefined;
    case 'rich_text':
    case 'table':
    case 'markdown':
      return undefined;
    default:
      return 'unsupported type';
  }
}

function sectionProblem(block: Fields): string | undefined {
  const { text, fields } = block;
  if (text === undefined && fields === undefined) return 'a section needs text or fields';
  const problem = text === undefined ? undefined : textProblem(text, 3_000);
  if (problem !== undefined || fields === undefined) return problem;
  return listProblem(fields, 10, (field) => textProblem(field, 2_000));
}

function imageProblem(image: Fields): string | undefined {
  const { image_url: url, slack_file: file, alt_text: alt } = image;
  if (typeof url !== 'string' && !isRecord(file)) return 'an image needs image_url or slack_file';
  return typeof alt === 'string' && alt.length <= 2_000 ? undefined : 'an image needs alt_text';
}

function listProblem(
  list: unknown,
  max: number,
  itemProblem: (item: unknown) => string | undefined,
): string | undefined {
  if (!Array.isArray(list) || list.length === 0) return 'must have at least one item';
  if (list.length > max) return `no more than ${max} items allowed`;
  return list.map(itemProblem).find((problem) => problem !== undefined);
}

function textProblem(
  value: unknown,
  max: number,
  types: readonly string[] = ['plain_text', 'mrkdwn'],
): string | undefined {
  if (!isRecord(value) || !types.includes(String(value['type']))) return 'missing text object';
  const { text } = value;
  if (typeof text !== 'string' || text.length === 0) return 'must be more than 0 characters';
  return text.length > max ? `must be less than ${max + 1} characters` : undefined;
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
