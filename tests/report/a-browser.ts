import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env['CHROMIUM'] || '/usr/bin/chromium';

/** Whether there is a browser to start; without one it is said why nothing is tested. */
export function hasBrowser(): boolean {
  try {
    accessSync(PATH, constants.X_OK);
    return true;
  } catch {
    process.stderr.write(`report: not tested, no browser at ${PATH}; CHROMIUM names another\n`);
    return false;
  }
}

/** A browser without a network. */
export const aBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: PATH, args: ['--no-sandbox', '--disable-gpu'] });
