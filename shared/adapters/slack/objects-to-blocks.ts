const BLOCK_ERRORS = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'msg_blocks_too_long',
  'msg_too_long',
]);

/** Whether Slack objects to how the message is laid out, not to the message: then it is sent without blocks. */
export const objectsToBlocks = (word: string): boolean => BLOCK_ERRORS.has(word);
