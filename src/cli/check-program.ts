/** `check --program`: a program is asked for its gradients at several points. */
import type { Testimony } from "../check/hearing.js";
import type { CheckResult } from "../check/result.js";
import type { Model } from "../language/model.js";
import { type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { DEFAULT_SEED } from "../numeric/random.js";
import { conclude } from "./conclude.js";
import type { Inputs } from "./input.js";
import { withPlaces } from "./json.js";
import { type Streams, warn, writeOutput } from "./output.js";
import { givenPoint, inModel } from "./point.js";
import { Progress } from "./progress.js";
import type { CommonOptions } from "./options.js";

export interface ProgramOptions extends CommonOptions {
  /** Seconds for one answer. */
  readonly timeout: number | undefined;
}

const DEFAULT_TIMEOUT = 10;

/** @throws InputError for whatever is wrong with the point, the program or its answers. */
export async function checkProgram(
  command: string,
  options: ProgramOptions,
  model: Model,
  inputs: Inputs,
  streams: Streams,
): Promise<CheckResult> {
  const { testify } = await import("../check/hearing.js");
  const { interview, tell } = await import("../check/interview.js");
  const { Dialogue } = await import("./program/dialogue.js");
  const { readAnswer } = await import("./program/answer.js");
  const { timeout: seconds = DEFAULT_TIMEOUT, savePoint } = options;
  const dialogue = new Dialogue(command, {
    seconds,
    stderr: streams.stderr,
    warn: (message) => warn(streams, message),
  });
  const { points, isDecided } = await choosePoints(model, options, inputs, streams);
  const saved = points.map((point) => JSON.stringify(point));
  const save = (): void => {
    if (savePoint !== undefined) writeOutput(savePoint, `${saved.join("\n")}\n`);
  };
  save();
  const { stage } = new Progress(streams);
  const asking = interview(model, points, { isDecided, onStage: stage });
  let asked = inModel(model, () => asking.next());
  try {
    for (let number = 1; asked.done !== true; number++) {
      const { value: point } = asked;
      const question = JSON.stringify(point);
      if (number > points.length) {
        saved.push(question);
        save();
      }
      stage(`asking the program at point ${number}`);
      const answer = readAnswer(await dialogue.ask(question), number);
      const read = (): Testimony => withPlaces(answer, () => testify(model, point, answer.value));
      asked = inModel(model, () => tell(asking, read));
    }
    await dialogue.finish();
  } finally {
    await dialogue.stop();
  }
  return await conclude(asked.value, stage);
}

/** The point that is given, and random ones; says which. */
async function choosePoints(
  model: Model,
  options: CommonOptions,
  inputs: Inputs,
  streams: Streams,
): Promise<{ readonly points: readonly Point[]; readonly isDecided: boolean }> {
  const { askedPoints } = await import("../check/power/points.js");
  const given = await givenPoint(model, options, inputs);
  const like = given?.use((point) => readPoint(model, point));
  const seed = options.seed ?? DEFAULT_SEED;
  let drawn: Point[] = [];
  try {
    drawn = inModel(model, () => askedPoints(model, seed, like));
  } catch (error) {
    if (!given || !(error instanceof InputError)) throw error;
    await warn(streams, `warning: ${error.message}; the program is asked at --at only`);
  }
  if (drawn.length > 0) {
    const which = `${drawn.length} random points, drawn with --seed ${seed}`;
    const also = given ? "--at and at " : "";
    await warn(streams, `the program is asked at ${also}${which}; --save-point FILE writes them`);
  }
  return { points: [...(given ? [given.point] : []), ...drawn], isDecided: given !== undefined };
}
