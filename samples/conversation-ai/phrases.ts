import type { SeededRandom } from '../seeded-random.ts';

export interface Topic {
  readonly name: string;
  /** What is said about it, in more than one form of the same words: a search that knows endings finds them all. */
  readonly phrases: readonly string[];
}

export const topics: readonly Topic[] = [
  {
    name: 'travel',
    phrases: [
      'We are travelling to Lisbon in May and still need a hotel.',
      'She travels for work most weeks, so trains are her office.',
      'I travelled through Norway by bus once; the ferries were the best part.',
      'Tickets for the night train are booked, two beds, no window.',
    ],
  },
  {
    name: 'cooking',
    phrases: [
      'The recipe wants three eggs, but two were enough.',
      'He cooks rice the way his grandmother did.',
      'I was cooking when you called, sorry about the smoke alarm.',
      'Do not put the basil in before the sauce is off the stove.',
    ],
  },
  {
    name: 'health',
    phrases: [
      'The doctor said to run less and sleep more.',
      'My knee is better; running downhill still hurts.',
      'Allergy tablets make me tired, so I take them at night.',
      'She ran ten kilometres after the operation, which nobody had advised.',
    ],
  },
  {
    name: 'work',
    phrases: [
      'The release was moved to Thursday because of the audit.',
      'Nobody reads the minutes, and everybody asks what was decided.',
      'They offered me the team lead role; I asked for a week to decide.',
      'Deciding by e-mail took longer than the meeting we wanted to avoid.',
    ],
  },
  {
    name: 'family',
    phrases: [
      'Grandma turns 90 on the first; the whole family is coming.',
      'Their children speak three languages and fight in all of them.',
      'My brother’s wedding is in the barn, rain or shine.',
      'The families met at the lake, like every summer.',
    ],
  },
  {
    name: 'music',
    phrases: [
      'The choir sings Bach again; I sang alto by mistake.',
      'He is singing under the shower and calls it practice.',
      'I found the old tapes: your first concert, mostly noise.',
      'Vinyl or not, the second song is too loud.',
    ],
  },
  {
    name: 'garden',
    phrases: [
      'Tomatoes are planted, the slugs know it already.',
      'The apple tree needs cutting before March.',
      'We planted roses where the shed was.',
      'Planting garlic in November feels wrong and works.',
    ],
  },
  {
    name: 'money',
    phrases: [
      'The bank raised the fee to 12.50 a month.',
      'We saved for the roof; then the boiler broke.',
      'Saving receipts in a shoebox is not bookkeeping.',
      'Rent is due on the 3rd, not on the 30th.',
    ],
  },
];

/** Texts that a careless program would change. */
export const oddTexts = [
  'col a\tcol b\r\n1\t2\r\n\\N\t\\N\r\n\\.\r\n',
  'Zażółć gęślą jaźń, 東京, שלום, 👩‍👩‍👧‍👦',
  'it\'s O\'Brien’s "quote", 100% sure; DROP TABLE users; --',
  ' leading and trailing blanks ',
  '<b>bold</b> &amp; {"json": [1.10, null]}',
] as const;

export function sayAbout(random: SeededRandom, topic: Topic): string {
  return random.pick(topic.phrases);
}
