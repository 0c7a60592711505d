//! Questions that analysts ask of their records, each as SQL with a name and a description in English and Korean.
//!
//! [`questions`] is the whole catalogue, [`search`] ranks it for a phrase in either language, [`dashboards`] are those that are always
//! there, made of the same questions. The texts are in `catalogue/*.sql`: a question is added there and nowhere else.
//!
//! What stays out: running anything. The crate is text and knows no other of ours.

mod catalogue;
mod dashboards;
mod question;
mod search;
mod words;

pub use catalogue::{question, questions};
pub use dashboards::{HIGHLIGHTS, ManagedDashboard, ManagedWidget, dashboard, dashboards};
pub use question::{Kind, Question, Statement, View};
pub use search::{Match, search};
