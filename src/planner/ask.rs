//! The handle for callers on a tokio runtime: a question and its answer, no worker blocked.

use tokio::sync::oneshot;

use super::{Answer, Handle, Input, Planner, Stopped};
use crate::domain::{LetterId, Outcome};

impl Handle {
    /// Gives the planner an input and waits for the answer.
    ///
    /// # Errors
    /// The planner has stopped, before or while it answered.
    pub async fn ask(&self, input: Input) -> Result<Answer, Stopped> {
        let (reply, answer) = oneshot::channel();
        let reply = Box::new(move |answer| {
            let _ = reply.send(answer);
        });
        self.in_line(move |handle| handle.give(input, Some(reply))).await?;
        answer.await.map_err(|_| Stopped)
    }

    /// The same on a thread that may wait.
    ///
    /// # Errors
    /// The planner has stopped, before or while it answered.
    pub fn ask_and_wait(&self, input: Input) -> Result<Answer, Stopped> {
        let (reply, answer) = std::sync::mpsc::sync_channel(1);
        let reply = Box::new(move |answer| {
            let _ = reply.send(answer);
        });
        self.give(input, Some(reply))?;
        answer.recv().map_err(|_| Stopped)
    }

    /// Tells what became of a letter, without waiting until it is recorded.
    ///
    /// # Errors
    /// The planner has stopped.
    pub async fn outcome(&self, letter: LetterId, outcome: Outcome) -> Result<(), Stopped> {
        match self.tell(letter, outcome)? {
            None => Ok(()),
            Some(input) => self.in_line(move |handle| handle.give(input, None)).await,
        }
    }

    /// What `look` sees in the planner, after what is in line before.
    ///
    /// # Errors
    /// The planner has stopped.
    pub async fn see<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Planner) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let (reply, answer) = oneshot::channel();
        let look = Box::new(move |planner: &Planner| {
            let _ = reply.send(look(planner));
        });
        self.in_line(move |handle| handle.look(look)).await?;
        answer.await.map_err(|_| Stopped)
    }

    /// A full line makes the sender wait, which no tokio worker may.
    async fn in_line(
        &self,
        send: impl FnOnce(&Self) -> Result<(), Stopped> + Send + 'static,
    ) -> Result<(), Stopped> {
        let handle = self.clone();
        tokio::task::spawn_blocking(move || send(&handle)).await.unwrap_or(Err(Stopped))
    }
}
