/** Tests of texts that name a number or a day in a form that PostgreSQL does not print; plain numbers and ISO dates are tested elsewhere. */

/** 1.234,56 or 12,5 or 1.234.567: the comma is the decimal point. 1.234 is not among them: it is a plain number as well. */
export function isCommaNumber(text: string): boolean {
  return text.length <= mostCharacters && commaNumber.test(text);
}

/** 1,234.56 or 1,234: commas group the digits. */
export function isGroupedNumber(text: string): boolean {
  return text.length <= mostCharacters && groupedNumber.test(text);
}

/** Whether a text is a day that exists as day, month, year, and as month, day, year, with one of / . - between them. */
export function dayMonthFormats(text: string): { readonly dmy: boolean; readonly mdy: boolean } {
  const found = text.length > 10 ? null : dayMonth.exec(text);
  if (found === null) return neither;
  const [first, second, year] = [Number(found[1]), Number(found[3]), Number(found[4])];
  return { dmy: isDay(year, second, first), mdy: isDay(year, first, second) };
}

const mostCharacters = 1_000;
/** No leading zero but the one before the point. */
const commaNumber = /^-?(?:[1-9]\d{0,2}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}|(?:0|[1-9]\d*),\d+)$/;
const groupedNumber = /^-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;
const dayMonth = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;
const neither = { dmy: false, mdy: false };

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}
