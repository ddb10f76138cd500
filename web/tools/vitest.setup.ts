import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// How long something may take that is there as soon as it can be: on a machine that compiles meanwhile, too.
configure({ asyncUtilTimeout: 15_000 });

afterEach(cleanup);
