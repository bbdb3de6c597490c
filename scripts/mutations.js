// Takes one defence after the other out of the product and sees the promise's test fail: a test that passes without
// what it stands for is worth nothing. Works on a copy of the checkout; the checkout itself is not touched.
//   npm run test:mutations              all of them
//   npm run test:mutations -- R03 T06   those of these promises
//   npm run test:mutations -- --write   writes the tables of the README pages, runs nothing
//   npm run test:mutations -- --check   says which promise lacks a test or a mutation, which patch does not apply any
//                                       more, and whether the tables are true; npm run check does so, too
import { fileURLToPath } from "node:url";
import { copyCheckout } from "./mutations/checkout-copy.js";
import { complaints } from "./mutations/complaints.js";
import { listMutations } from "./mutations/list.js";
import { writeTables } from "./mutations/tables.js";
import { tryMutation } from "./mutations/trial.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const mutations = listMutations(root).filter(
  ({ promise, name }) => wanted.length === 0 || wanted.includes(promise) || wanted.includes(name),
);

if (process.argv.includes("--write")) writeTables(root);
else if (process.argv.includes("--check")) process.exitCode = isComplete() ? 0 : 1;
else if (mutations.length === 0) throw new Error(`no mutation is called ${wanted.join(" or ")}`);
else process.exitCode = tryAll() ? 0 : 1;

function tryAll() {
  const copy = copyCheckout(root);
  try {
    const results = mutations.map((mutation) => report(tryMutation(copy.folder, mutation)));
    const count = results.filter(({ seen }) => seen).length;
    console.log(`mutations: ${count} of ${results.length} were seen by their tests`);
    return results.length > 0 && count === results.length;
  } finally {
    copy.remove();
  }
}

function isComplete() {
  const found = complaints(root);
  for (const complaint of found) console.error(`mutations: ${complaint}`);
  return found.length === 0;
}

function report(result) {
  const verdict = result.seen ? "seen" : "NOT SEEN";
  console.log(`${verdict.padEnd(9)} ${result.name}: ${result.what} (${result.seconds} s)`);
  for (const line of result.details) console.log(`          ${line}`);
  return result;
}
