/** Figures for people: they are written in the domain, too, where it gives its reasons. */
export { count, percent, times, usd } from '../domain/number.ts';
