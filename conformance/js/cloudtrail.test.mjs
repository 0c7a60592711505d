// The AWS SDK for JavaScript walks CloudTrail. `wire.mjs` stands last: it checks that nothing was left out.

import "./trails.mjs";
import "./selectors.mjs";
import "./tags_keys.mjs";
import "./history.mjs";
import "./lake.mjs";
import "./wire.mjs";
