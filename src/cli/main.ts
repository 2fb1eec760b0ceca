#!/usr/bin/env node
import { Command } from "commander";
import { version } from "../version.js";

const program = new Command("chainrule")
  .description("symbolic chain-rule derivations of gradients")
  .version(version);

program.parse();
