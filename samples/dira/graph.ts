import { SeededRandom } from '../seeded-random.ts';
import type { PickleValue } from './pickle-writer.ts';
import { categories, estates, messages, organisations, people, problems } from './phrases.ts';
import type { SessionRecord } from './session-writer.ts';

/** The root of the program, and that of a user who signed up. */
const superRoot = '00000000-0000-0000-0000-000000000000';
const userRoot = '5a1e0c44-7f0b-4c1e-9a53-2f6d8b0e9c11';

/** An organisation that somebody deleted, which a route still names. */
const deletedOrganisation = '0de1e7ed-0000-4000-8000-000000000001';

const reportCount = 60;

/** 2025-05-01T05:00:00Z */
const firstDay = Date.UTC(2025, 4, 1, 5);

/** Everything that the session holds on the first day. */
export function graphOf(): readonly SessionRecord[] {
  const graph = new Graph(new SeededRandom(4_000));
  graph.node('Root', superRoot, {}, null);
  graph.node('Root', userRoot, {}, null);
  const offices = organisations.map(({ facilities, ...fields }) => {
    const id = graph.node('Organisation', null, { ...fields, contact_api: null, facilities: facilities.map((name) => name) });
    graph.edge('GenericEdge', superRoot, id);
    for (const name of facilities) graph.edge('has_facility', id, graph.node('Facility', null, { name, location: graph.location() }));
    return id;
  });
  const reporters = people.map(({ name, email }) => {
    const id = graph.node('Reporter', null, { name, email, is_anonymous: email === null });
    graph.edge('GenericEdge', userRoot, id);
    return id;
  });
  const reports = Array.from({ length: reportCount }, (_, number) => {
    const id = graph.node('Report', null, graph.report(number), userRoot);
    graph.edge('GenericEdge', reporters[number % reporters.length]!, id);
    if (number % 5 !== 4) graph.edge('routed_to', id, graph.random.pick(offices), graph.route(number));
    return id;
  });
  // Each with the one that came seven before it.
  for (let number = 7; number < reportCount; number += 3)
    graph.edge('related_to', reports[number]!, reports[number - 7]!, {
      similarity_score: graph.random.integer(700_000, 999_999) / 1e6,
      relationship_type: number % 2 === 0 ? 'duplicate' : 'nearby',
    });
  graph.edge('routed_to', reports[3]!, deletedOrganisation, graph.route(3));
  return graph.records();
}

/** Records of the next day: they replace those of the same id. */
export function laterRecords(): readonly SessionRecord[] {
  const before = graphOf();
  const graph = new Graph(new SeededRandom(4_100));
  const nodes = (className: string): readonly SessionRecord[] => before.filter((record) => record.className === className);
  const [reporter, office] = [nodes('Reporter')[0]!, nodes('Organisation')[0]!];
  for (let number = 0; number < 3; number++) {
    const id = graph.node('Report', null, graph.report(reportCount + number), userRoot);
    graph.edge('GenericEdge', reporter.id, id);
    if (number === 0) graph.edge('routed_to', id, office.id, graph.route(reportCount));
  }
  const added = graph.records();
  const grown = [reporter, office].map((node) => ({ ...node, edges: [...(node.edges ?? []), ...edgesOf(node.id, added)] }));
  const resolved = nodes('Report').slice(0, 2);
  return [...added, ...grown, ...resolved.map((report) => ({ ...report, fields: { ...report.fields, status: 'resolved' } }))];
}

function edgesOf(node: string, records: readonly SessionRecord[]): readonly string[] {
  return records.filter(({ ends }) => ends?.source === node || ends?.target === node).map(({ id }) => id);
}

type Fields = Readonly<Record<string, PickleValue>>;

class Graph {
  readonly random: SeededRandom;
  readonly #nodes = new Map<string, SessionRecord & { readonly edges: string[] }>();
  readonly #edges: SessionRecord[] = [];

  constructor(random: SeededRandom) {
    this.random = random;
  }

  node(className: string, id: string | null, fields: Fields, root: string | null = superRoot): string {
    const own = id ?? this.#uuid();
    // What a user made is his; the others may read it.
    this.#nodes.set(own, { id: own, className, fields, root, edges: [], access: root === userRoot ? 0n : -1n });
    return own;
  }

  edge(className: string, source: string, target: string, fields: Fields = {}): void {
    const id = this.#uuid();
    this.#edges.push({ id, className, fields, root: superRoot, ends: { source, target, undirected: false } });
    for (const end of [source, target]) this.#nodes.get(end)?.edges.push(id);
  }

  /** As its hash would have it: in no order of ours. */
  records(): readonly SessionRecord[] {
    return [...this.#nodes.values(), ...this.#edges].toSorted((a, b) => (reversed(a.id) < reversed(b.id) ? -1 : 1));
  }

  report(number: number): Fields {
    const { random } = this;
    const estate = random.pick(estates);
    const problem = random.pick(problems);
    return {
      title: `${problem.title} in ${estate} (${number + 1})`,
      description: problem.text,
      category: random.pick(categories),
      urgency: random.pick(['low', 'medium', 'high', 'critical']),
      // What the model that reads a report answers: an object, or a list when it finds places only.
      entities:
        number % 4 === 3
          ? [estate]
          : new Map<PickleValue, PickleValue>([
              ['places', [estate]],
              ['households', BigInt(random.integer(1, 400))],
            ]),
      confidence: random.integer(400_000, 999_999) / 1e6,
      status: number % 6 === 0 ? 'acknowledged' : 'submitted',
      submitted_at: `${new Date(firstDay + number * 7_400_000).toISOString().slice(0, -1)}${random.integer(100, 999)}+00:00`,
      image_data: null,
      analysis_result: number % 10 === 0 ? null : `Seen by ${random.integer(1, 9)} people.`,
      // Not every report was embedded before the program ended.
      embedding: number % 4 === 1 ? [] : this.#embedding(problems.indexOf(problem), estates.indexOf(estate)),
    };
  }

  route(number: number): Fields {
    const sent = new Date(firstDay + number * 7_400_000 + 600_000).toISOString();
    return { message: this.random.pick(messages), sent_at: sent, status: number % 3 === 0 ? 'acknowledged' : 'pending' };
  }

  location(): string {
    return `-1.${this.random.integer(20_000, 39_999)},36.${this.random.integer(70_000, 89_999)}`;
  }

  /**
   * 384 numbers, as a model of sentences would place the report: what happened has a direction, where it happened a smaller one, and how it was told a
   * little. Reports of one problem in one estate are near-duplicates (cosine similarity above 0.98), those of one problem elsewhere are similar (0.8).
   */
  #embedding(problem: number, estate: number): readonly number[] {
    return Array.from({ length: 384 }, (_, i) => {
      const what = Math.sin((problem + 1) * (i + 1));
      const where = Math.cos((estate + 11) * (i + 1)) / 2;
      return Math.fround(what + where + (this.random.fraction() - 0.5) / 4);
    });
  }

  #uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.random.bits().toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

function reversed(text: string): string {
  return [...text].toReversed().join('');
}
