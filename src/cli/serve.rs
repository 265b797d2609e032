//! `serve` and `rehearse`: the whole daemon, with real or made-up time.

use super::Context;
use super::args::ServeArgs;
use super::failure::Outcome;

/// `serve`
pub fn serve(context: &Context, args: &ServeArgs) -> anyhow::Result<Outcome> {
    super::online_serve::serve(context, args)
}
