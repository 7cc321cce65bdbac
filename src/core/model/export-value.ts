/**
 * One value on its way into a file. A string is text; `literal` is a number, a boolean or JSON that stands by itself in JSON; `hex` are bytes;
 * null is NULL.
 */
export type ExportValue = null | string | { readonly literal: string } | { readonly hex: string };
