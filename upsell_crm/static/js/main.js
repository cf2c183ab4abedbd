// The behaviour of every page. Each module keeps to one thing; pages work without them where a form can.
import "./csrf.js";
import "./session.js";
import "./panel.js";
import "./toast.js";
import "./drafts.js";
import "./submit.js";
import "./hotkeys.js";
import "./rows.js";
import "./grid.js";
import "./folds.js";
import "./search.js";
import "./menus.js";
import "./outcome.js";
import "./inline.js";
import "./company-choice.js";
import "./person-choice.js";
import "./document-board.js";
