/** Timing turn about: every contender has its turn in each round, so that what slows one slows all. */

/** Of the processor's time for one turn. */
const TURN_MICROS = 4000;
/** Turns: V8 takes a tenth of a second and more to optimise long straight-line code, beside the program. */
const WARM_UP = 40;

/** Microseconds of this process's processor time: other loads disturb it less than the clock's. */
export function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** @returns microseconds for a call, in a turn of so many calls: what is measured is one call, as in C */
function turn(call, calls, args) {
  const [first, second] = args;
  const start = cpu();
  for (let k = 0; k < calls; k++) call(first, second);
  return (cpu() - start) / calls;
}

/** Warms a function up and finds how many calls make a turn. */
function callsOf(call, args) {
  let calls = 1;
  for (let round = 0; round < WARM_UP; round++) {
    const spent = turn(call, calls, args);
    calls = Math.max(1, Math.round(TURN_MICROS / Math.max(spent, 200 / calls)));
    if (spent > 20 * TURN_MICROS) break;
  }
  return calls;
}

/** A function warmed up: what it returns takes one turn, and returns the microseconds for a call. */
export function turnsOf(call, args = []) {
  const calls = callsOf(call, args);
  return () => turn(call, calls, args);
}

/**
 * @param contenders functions by name; the first is compared with the others
 * @param args what they are given, up to two
 * @returns by name: microseconds for a call, and how many times as long as the first it takes; medians
 */
export function compare(contenders, rounds, args = []) {
  const entries = Object.entries(contenders);
  const all = entries.map(([name, call]) => ({ name, take: turnsOf(call, args), turns: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const one of all) one.turns.push(one.take());
  }
  const [first] = all;
  return new Map(
    all.map(({ name, turns }) => {
      const ratio = median(turns.map((micros, k) => micros / first.turns[k]));
      return [name, { micros: median(turns), ratio }];
    }),
  );
}
