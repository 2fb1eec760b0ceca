import { describeModels } from "./describe.js";
import { ownSubjects } from "./subjects.js";

describeModels(ownSubjects());
