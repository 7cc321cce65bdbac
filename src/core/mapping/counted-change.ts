/** Changes of values that are let through and counted, with what the report says behind their number. */
export const changeWords = {
  rounded: 'values were rounded, as the plan accepts',
  'empty as null': 'empty texts became NULL',
  'null token': 'texts became NULL, as the plan says',
  'NUL stripped': 'texts lost their NUL characters, as the plan says',
  'NUL replaced': 'texts got U+FFFD in place of their NUL characters, as the plan says',
  'NUL kept as bytes': 'texts with a NUL character became the bytes of their UTF-8, as the plan says',
  'read as Latin-1': 'texts that are not valid were read as Latin-1, as the plan says',
  'invalid bytes replaced': 'texts that are not valid got U+FFFD in place of the wrong bytes, as the plan says',
  'invalid text kept as bytes': 'texts that are not valid became their own bytes, as the plan says',
  'text as bytes': 'texts became the bytes of their UTF-8',
  'number as bytes': 'numbers became the bytes of their text',
  'number as text': 'numbers became their text',
  'duplicate keys': 'documents had a key twice, of which jsonb keeps the last',
  'blob as text': 'blobs became text, as the plan says',
  'integer as real': 'integers became double precision, exactly',
} as const;

export type CountedChange = keyof typeof changeWords;
