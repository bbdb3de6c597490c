import "../../hardening.ts";
import "../../native/close-memory.ts";
import * as v from "valibot";
import { loginJob } from "../login-errand.ts";
import { signIn } from "./login/sign-in.ts";
import { onErrand } from "./on-errand.ts";

onErrand(async (job, signal) => signIn(v.parse(loginJob, job), signal));
