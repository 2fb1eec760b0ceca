import { version } from "chainrule";

console.log(`chainrule ${version}`);
