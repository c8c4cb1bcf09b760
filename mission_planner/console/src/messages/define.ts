/** The typed catalogue: an area is complete in both languages or it does not compile. */
import type { Language } from '../logic/dates';

/** The shape of `T` with its texts left open: strings stay strings, sentences keep their parameters. */
export type Shape<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Shape<T[K]> };

export function area<T>(zh: T, en: NoInfer<Shape<T>>): Record<Language, Shape<T>> {
  return { zh: zh as Shape<T>, en: en as Shape<T> };
}

/** English plural: 1 robot, 2 robots. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
