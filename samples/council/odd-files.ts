import type { StoredConversation, StoredMessage } from './conversations.ts';

const said = (content?: string | null): StoredMessage => (content === undefined ? { role: 'user' } : { role: 'user', content });

/** A content that is missing, one that is null and one that is empty; signs of every kind; numbers that no double holds. */
export function oddConversations(user: string): readonly StoredConversation[] {
  return [
    {
      id: '0b6f2c1e-5a57-4d0e-a8a1-0d7f4f2f9a01',
      user_id: user,
      title: '',
      created_at: '2025-01-05T00:00:00',
      messages: [said(), said(null), said('')],
    },
    {
      id: '0b6f2c1e-5a57-4d0e-a8a1-0d7f4f2f9a02',
      user_id: user,
      title: null,
      created_at: '2025-01-06T23:59:59.999999+02:00',
      messages: [],
    },
    {
      id: '0b6f2c1e-5a57-4d0e-a8a1-0d7f4f2f9a03',
      user_id: user,
      created_at: '2025-01-07T12:00:00Z',
      messages: [
        said('Zürich 🏔️ — 北京\tשלום\n"quoted" \\ back, \u2028 and a line of \\.'),
        {
          role: 'assistant',
          stage1: [],
          stage2: [],
          stage3: { model: 'openai/gpt-5', response: '' },
          metadata: { tokens: 'EXACT_TOKENS', cost: 'EXACT_COST' },
        },
      ],
    },
  ];
}

/** The same id in the folders of two users. */
export function idOfTwoUsers(user: string): StoredConversation {
  return {
    id: '7d9a4c52-31b0-4e0c-a1f5-6c2f0e8b7d10',
    user_id: user,
    title: 'Shared by hand',
    created_at: '2025-01-20T09:30:00+00:00',
    messages: [said('Which of the two of us keeps this one?')],
  };
}

/** The program was stopped while it wrote. */
export const cutShort = {
  name: '3f0c7a8e-9d14-4b7a-a3a2-51c6e5d20b77.json',
  text: '{\n  "id": "3f0c7a8e-9d14-4b7a-a3a2-51c6e5d20b77",\n  "user_id": "ivo",\n  "title": "Cut short",\n  "messages": [\n    {\n      "role": "user",\n      "content": "What happens to a file that is writ',
} as const;

/** Numbers that no number of JavaScript holds, put into the text of a file. */
export function withExactNumbers(text: string): string {
  return text.replace('"EXACT_TOKENS"', '9007199254740993').replace('"EXACT_COST"', '0.1000000000000000055');
}
