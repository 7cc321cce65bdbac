/** Changes of values that are let through and counted, with what the report says behind their number: of one value, of several. */
export const changeWords = {
  rounded: ['value was rounded, as the plan accepts', 'values were rounded, as the plan accepts'],
  'empty as null': ['empty text became NULL', 'empty texts became NULL'],
  'null token': ['text became NULL, as the plan says', 'texts became NULL, as the plan says'],
  'NUL stripped': ['text lost its NUL characters, as the plan says', 'texts lost their NUL characters, as the plan says'],
  'NUL replaced': [
    'text got U+FFFD in place of its NUL characters, as the plan says',
    'texts got U+FFFD in place of their NUL characters, as the plan says',
  ],
  'NUL kept as bytes': [
    'text with a NUL character became the bytes of its UTF-8, as the plan says',
    'texts with a NUL character became the bytes of their UTF-8, as the plan says',
  ],
  'read as Latin-1': [
    'text that is not valid was read as Latin-1, as the plan says',
    'texts that are not valid were read as Latin-1, as the plan says',
  ],
  'invalid bytes replaced': [
    'text that is not valid got U+FFFD in place of the wrong bytes, as the plan says',
    'texts that are not valid got U+FFFD in place of the wrong bytes, as the plan says',
  ],
  'invalid text kept as bytes': [
    'text that is not valid became its own bytes, as the plan says',
    'texts that are not valid became their own bytes, as the plan says',
  ],
  'text as bytes': ['text became the bytes of its UTF-8', 'texts became the bytes of their UTF-8'],
  'number as bytes': ['number became the bytes of its text', 'numbers became the bytes of their text'],
  'number as text': ['number became its text', 'numbers became their text'],
  'duplicate keys': ['document had a key twice, of which jsonb keeps the last', 'documents had a key twice, of which jsonb keeps the last'],
  'blob as text': ['blob became text, as the plan says', 'blobs became text, as the plan says'],
  'integer as real': ['integer became double precision, exactly', 'integers became double precision, exactly'],
} as const;

export type CountedChange = keyof typeof changeWords;
