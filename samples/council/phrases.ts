export const models = ['openai/gpt-5', 'anthropic/claude', 'google/gemini', 'x-ai/grok'] as const;

export const questions = [
  { title: 'Rain barrels on a balcony', text: 'How large a rain barrel may stand on a balcony of six square metres?' },
  { title: 'Sourdough in winter', text: 'My sourdough does not rise when the kitchen is cold. What can I do without a heater?' },
  { title: 'Night trains to Vienna', text: 'Which night trains go to Vienna from the north, and how early must one book?' },
  { title: 'Choosing a database', text: 'We keep everything in JSON files. When is it time for a database?' },
  { title: 'Moss between stones', text: 'Is moss between paving stones harmful, and what removes it gently?' },
  { title: 'Reading a contract', text: 'What does "time is of the essence" mean in a contract for building a shed?' },
  { title: 'A bicycle for hills', text: 'Which gears help on hills of twelve per cent with a child seat?' },
  { title: 'Names of clouds', text: 'What are the clouds called that look like fish scales, and do they bring rain?' },
] as const;

export const answers = [
  'It depends on two things that the question leaves open; under the usual ones the answer is yes.',
  'Measure first. Most of the trouble comes from a number that somebody remembered wrongly.',
  'There are three ways. The second is slower and never fails.',
  'No. The rule that people quote was changed in 2019, and the new one says the opposite.',
  'Begin with the smallest change that can be undone, look at it for a week, and then decide.',
  'The others are right about the cost, yet they forget that it has to be done again each year.',
] as const;
