import { describeModels } from "./describe.js";
import { exampleSubjects } from "./subjects.js";

describeModels(exampleSubjects());
