import type { Flow, FlowStep, Verdict } from '../../preview/flow/topology.js';

/** What a place on the path of a packet is. */
export type PlaceKind = 'guest' | 'switch' | 'host' | 'router' | 'chassis' | 'outside';

/** A place that a packet or its answer comes to, with what happens to it there. */
export interface Place {
  readonly at: string;
  readonly kind: PlaceKind;
  readonly steps: readonly NumberedStep[];
}

/** A step with its number on the way there and back. */
export interface NumberedStep extends FlowStep {
  readonly number: number;
}

/** What a picture of a flow shows, whatever its format. */
export interface FlowScene {
  readonly from: string;
  readonly to: string;
  /** What is sent: `tcp port 443 over ipv4`. */
  readonly protocol: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly rule: string | undefined;
  /** The places in the order in which the packet comes to them. */
  readonly there: readonly Place[];
  /** The places in the order in which the answer comes to them. */
  readonly back: readonly Place[];
  /** The way on which the packet or its answer is lost. */
  readonly lostOn: FlowStep['way'] | undefined;
}

/** Collects what a picture of a flow shows. */
export function flowScene({ packet, verdict, reason, rule, steps }: Flow): FlowScene {
  const numbered = steps.filter(({ what }) => what !== 'lost').map((step, i) => ({ ...step, number: i + 1 }));
  const { from, to, protocol, port, family } = packet;
  return {
    from,
    to,
    protocol: `${protocol}${port === undefined ? '' : ` port ${port}`} over ${family}`,
    verdict,
    reason,
    rule,
    there: numbered.length === 0 ? [senderOf(from)] : placesOf(numbered.filter(({ way }) => way === 'there')),
    back: placesOf(numbered.filter(({ way }) => way === 'back')),
    lostOn: steps.find(({ what }) => what === 'lost')?.way,
  };
}

/** A packet that does not leave its sender. */
const senderOf = (from: string): Place => ({
  at: from,
  kind: from === 'host' || from === 'outside' ? from : 'guest',
  steps: [],
});

/** Joins steps one after the other at the same place. A guest may have the name of its network, whose switch hands packets on. */
function placesOf(steps: readonly NumberedStep[]): Place[] {
  const places: { at: string; kind: PlaceKind; steps: NumberedStep[] }[] = [];
  for (const step of steps) {
    const kind = kindOf(step);
    const last = places.at(-1);
    if (last?.at === step.at && last.kind === kind) last.steps.push(step);
    else places.push({ at: step.at, kind, steps: [step] });
  }
  return places;
}

function kindOf({ at, what, kind }: FlowStep): PlaceKind {
  if (what === 'switch' || kind === 'network') return 'switch';
  if (kind !== undefined) return kind;
  return at === 'host' || at === 'outside' ? at : 'guest';
}

/** Names a place: the host and the outside in the words of the picture, everybody else by name. */
export const placeName = ({ at, kind }: Place, words: { readonly host: string; readonly outside: string }): string =>
  kind === 'host' || kind === 'outside' ? words[kind] : at;

/** A place on the way there, with what happens to the answer when it passes it. */
export interface PassedPlace extends Place {
  readonly answer: readonly NumberedStep[];
}

/** The places of a flow. */
export interface Ways {
  readonly there: readonly PassedPlace[];
  /** Index of the last place that the answer comes to: it passes all places after it in reverse. Nothing where no answer does. */
  readonly answerEnds: number | undefined;
  /** The places of an answer that takes another way. */
  readonly elsewhere: readonly Place[];
}

/** Joins the way there with that of the answer, where the answer passes the same places in reverse. */
export function waysOf({ there, back }: FlowScene): Ways {
  const start = there.length - back.length;
  const answers = back.toReversed();
  const answerAt = (i: number): Place | undefined => answers[i - start];
  const isSame = start >= 0 && there.slice(start).every((place, i) => sameOnes(place, answers[i]));
  if (back.length === 0 || !isSame)
    return { there: there.map((place) => ({ ...place, answer: [] })), answerEnds: undefined, elsewhere: back };
  return {
    there: there.map((place, i) => ({ ...place, answer: answerAt(i)?.steps ?? [] })),
    answerEnds: start,
    elsewhere: [],
  };
}

const sameOnes = (a: Place, b: Place | undefined): boolean => a.at === b?.at && a.kind === b.kind;
