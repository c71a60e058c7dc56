// Everything the pages do by themselves. Each module minds one thing, is safe on every page, and
// brings along those that it needs.

import "./js/races.js";
import "./js/files.js";
import "./vendor/text-expander-element.js";
import "./js/composer.js";
import "./js/replies.js";
import "./js/inbox.js";
import "./js/list.js";
import "./js/rules.js";
import "./js/keys.js";
import "./js/palette.js";
import "./js/device.js";
import "./js/said.js";
import "./js/alerts.js";
import "./js/company.js";
