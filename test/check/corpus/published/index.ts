import { boostingStudies } from "./boosting.js";
import { chosenStudies } from "./chosen.js";
import { classifierStudies } from "./classifiers.js";
import { depthStudies } from "./depth.js";
import { doubtedStudies } from "./doubted.js";
import { copyStudies } from "./copies.js";
import { countStudies } from "./counts.js";
import { courseStudies } from "./courses.js";
import { focalStudies } from "./focal.js";
import { kernelStudies } from "./kernels.js";
import { layerStudies } from "./layers.js";
import { lossStudies } from "./losses.js";
import { misplacedStudies } from "./misplaced.js";
import { normalisationStudies } from "./normalisation.js";
import { perceptronStudies } from "./perceptrons.js";
import { priorStudies } from "./priors.js";
import { questionStudies } from "./questions.js";
import { recurrentStudies } from "./recurrent.js";
import { regressionStudies } from "./regression.js";
import { sequenceStudies } from "./sequences.js";
import { shareStudies } from "./shares.js";
import { similarityStudies } from "./similarity.js";
import { slopeStudies } from "./slopes.js";
import { standInStudies } from "./stand-ins.js";
import { spelledOutStudies } from "./spelled-out.js";
import { stepStudies } from "./steps.js";
import { strandStudies } from "./strands.js";
import type { Study } from "./study.js";
import { togetherStudies } from "./together.js";
import { unrolledStudies } from "./unrolled.js";
import { weightStudies } from "./weights.js";

/** Gradients that people published, wrong ones and right ones that were doubted. */
export const studies: readonly Study[] = [
  ...perceptronStudies,
  ...classifierStudies,
  ...regressionStudies,
  ...lossStudies,
  ...normalisationStudies,
  ...recurrentStudies,
  ...similarityStudies,
  ...boostingStudies,
  ...sequenceStudies,
  ...kernelStudies,
  ...courseStudies,
  ...questionStudies,
  ...depthStudies,
  ...focalStudies,
  ...stepStudies,
  ...layerStudies,
  ...priorStudies,
  ...unrolledStudies,
  ...shareStudies,
  ...countStudies,
  ...chosenStudies,
  ...copyStudies,
  ...misplacedStudies,
  ...strandStudies,
  ...standInStudies,
  ...slopeStudies,
  ...spelledOutStudies,
  ...weightStudies,
  ...togetherStudies,
  ...doubtedStudies,
];
