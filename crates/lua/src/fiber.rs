//! Code on a stack of its own, which can wait for a future in the middle of anything.
//!
//! Lua cannot leave a function of C in the middle, such as one that is called while a table is sorted. What cannot be left
//! can be set aside with the whole stack it is on: then it makes no difference who called whom, and a script that waits
//! costs a stack instead of a thread.

#![expect(
    unsafe_code,
    reason = "a stack that moves between threads with what is on it is beyond what the compiler can see"
)]

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

/// Enough for the two hundred nested C calls that Lua allows, through Rust, without optimisation. It is the memory that was
/// touched which counts.
const STACK_BYTES: usize = 8 << 20;

/// For so long a script keeps others from the thread it is on.
const TURN: Duration = Duration::from_micros(250);

/// Stacks that wait for their next use.
pub(crate) struct Stacks {
    most: usize,
    idle: Mutex<Vec<DefaultStack>>,
}

/// Code that has a stack, as a future. One that is dropped is told so and runs to its end at once.
pub(crate) struct Fiber<T: Send + 'static> {
    coroutine: Option<Coroutine<Turn, (), Option<T>, DefaultStack>>,
    stacks: Arc<Stacks>,
}

/// How the code on the stack waits. Clones are the same one; they stay with the code.
#[derive(Clone)]
pub(crate) struct Waiter(Rc<Inside>);

struct Inside {
    /// Nothing when the code has ended.
    yielder: Cell<Option<NonNull<Yielder<Turn, ()>>>>,
    turn: Cell<Turn>,
}

/// Ends what a [`Waiter`] can do, however the code ends.
struct Ends(Waiter);

/// From one poll of the future to where it is pending again.
#[derive(Clone, Copy)]
struct Turn {
    /// Of that poll. Nothing if nobody polls any more.
    context: Option<NonNull<Context<'static>>>,
    began: Instant,
}

impl Stacks {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, idle: Mutex::default() }
    }

    fn take(&self) -> std::io::Result<DefaultStack> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| DefaultStack::new(STACK_BYTES), Ok)
    }

    fn give_back(&self, stack: DefaultStack) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.most {
            idle.push(stack);
        }
    }
}

impl<T: Send + 'static> Fiber<T> {
    /// Fails if there is no memory for a stack. The future's output is `None` if the code has panicked.
    ///
    /// # Safety
    /// Whatever `code` has on its stack while it waits goes to the thread that polls next: it must be [`Send`], or belong
    /// to something that goes along as a whole. It must hold no lock and nothing of the thread itself while it waits.
    pub(crate) unsafe fn new(
        stacks: &Arc<Stacks>,
        code: impl FnOnce(&Waiter) -> T + Send + 'static,
    ) -> std::io::Result<Self> {
        let coroutine = Coroutine::with_stack(stacks.take()?, move |yielder, turn| {
            let inside = Inside { yielder: Cell::new(Some(NonNull::from(yielder))), turn: Cell::new(turn) };
            let ends = Ends(Waiter(Rc::new(inside)));
            // The panic has been reported by its hook.
            catch_unwind(AssertUnwindSafe(|| code(&ends.0))).ok()
        });
        Ok(Self { coroutine: Some(coroutine), stacks: Arc::clone(stacks) })
    }

    /// Lets the code go on, to its end or to where it waits.
    fn resume(&mut self, context: Option<NonNull<Context<'static>>>) -> Poll<Option<T>> {
        let Some(coroutine) = &mut self.coroutine else { return Poll::Ready(None) };
        match coroutine.resume(Turn { context, began: Instant::now() }) {
            CoroutineResult::Yield(()) => Poll::Pending,
            CoroutineResult::Return(value) => {
                if let Some(coroutine) = self.coroutine.take() {
                    self.stacks.give_back(coroutine.into_stack());
                }
                Poll::Ready(value)
            }
        }
    }
}

// SAFETY: the code and its result are `Send`, and whoever made the fiber vouches for what is on the stack.
unsafe impl<T: Send + 'static> Send for Fiber<T> {}

impl<T: Send + 'static> Future for Fiber<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.resume(Some(NonNull::from(context).cast()))
    }
}

impl<T: Send + 'static> Drop for Fiber<T> {
    fn drop(&mut self) {
        // What has not begun is dropped as it is.
        while self.coroutine.as_ref().is_some_and(Coroutine::started) {
            let _ = self.resume(None);
        }
    }
}

impl Waiter {
    /// The output of a future. `None` if nobody wants to know any more.
    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        loop {
            // SAFETY: the poll that brought this context is under way: the code runs, and has not been set aside since.
            let context = unsafe { self.0.turn.get().context?.as_mut() };
            if let Poll::Ready(output) = poll(future.as_mut(), context) {
                return Some(output);
            }
            self.set_aside();
        }
    }

    /// Lets others have the thread if they have waited long enough; how long they had it.
    pub(crate) fn yield_if_due(&self) -> Option<Duration> {
        let turn = self.0.turn.get();
        let context = turn.context.filter(|_| turn.began.elapsed() > TURN)?;
        let set_aside = Instant::now();
        // SAFETY: as above.
        unsafe { context.as_ref() }.waker().wake_by_ref();
        self.set_aside();
        Some(set_aside.elapsed())
    }

    /// Whether nobody waits for the code any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.0.turn.get().context.is_none()
    }

    fn set_aside(&self) {
        if let Some(yielder) = self.0.yielder.get() {
            // SAFETY: the yielder lives on the stack of the code until the code ends, which takes it away from here.
            self.0.turn.set(unsafe { yielder.as_ref() }.suspend(()));
        }
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        let Inside { yielder, turn } = &*self.0.0;
        yielder.set(None);
        turn.set(Turn { context: None, ..turn.get() });
    }
}

/// Not inlined, so that whatever it knows of its thread is found anew each time.
#[inline(never)]
fn poll<F: Future>(future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
    future.poll(context)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn fiber<T: Send>(stacks: &Arc<Stacks>, code: impl FnOnce(&Waiter) -> T + Send + 'static) -> Fiber<T> {
        // SAFETY: the tests have nothing on their stacks that must stay on a thread.
        unsafe { Fiber::new(stacks, code) }.unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn code_waits_in_the_middle_and_goes_on_wherever_it_is_woken() {
        let stacks = Arc::new(Stacks::new(4));
        let waiting = (0..50_u64).map(|number| {
            let fiber = fiber(&stacks, move |waiter| {
                (0..20)
                    .map(|turn| {
                        let pause = tokio::time::sleep(Duration::from_micros(number * 7 % 300));
                        waiter
                            .wait(async {
                                pause.await;
                                turn
                            })
                            .unwrap()
                    })
                    .sum::<u64>()
            });
            tokio::spawn(fiber)
        });
        for sum in futures::future::join_all(waiting).await {
            assert_eq!(sum.unwrap(), Some(190));
        }
        assert_eq!(stacks.idle.lock().unwrap().len(), 4);
    }

    #[tokio::test]
    async fn code_that_is_dropped_is_told_and_ends() {
        let (stacks, ended) = (Arc::new(Stacks::new(1)), Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&ended);
        let forever = fiber(&stacks, move |waiter| {
            assert_eq!(waiter.wait(std::future::pending::<()>()), None);
            assert!(waiter.is_abandoned() && waiter.yield_if_due().is_none());
            assert_eq!(waiter.wait(async { 1 }), None);
            told.store(true, Ordering::SeqCst);
        });
        assert!(tokio::time::timeout(Duration::from_millis(5), forever).await.is_err());
        assert!(ended.load(Ordering::SeqCst));
        assert_eq!(stacks.idle.lock().unwrap().len(), 1);
        drop(fiber(&stacks, |_| unreachable!("it has not begun")));
    }

    #[tokio::test]
    async fn busy_code_lets_others_go_first() {
        let stacks = Arc::new(Stacks::new(1));
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        // On one thread: if it did not let go of it, nobody would stop it.
        let busy = fiber(&stacks, move |waiter| {
            while !stopped.load(Ordering::SeqCst) {
                waiter.yield_if_due();
            }
        });
        let other = async { stop.store(true, Ordering::SeqCst) };
        assert_eq!(tokio::join!(busy, other).0, Some(()));
    }

    #[tokio::test]
    async fn a_panic_is_the_end_of_its_code_only() {
        let stacks = Arc::new(Stacks::new(1));
        assert_eq!(fiber::<()>(&stacks, |_| panic!("on purpose")).await, None);
        assert_eq!(fiber(&stacks, |waiter| waiter.wait(async { 7 })).await, Some(Some(7)));
    }

    #[tokio::test]
    async fn a_waiter_that_outlives_its_code_does_nothing() {
        struct Outside(Waiter);
        // SAFETY: it is used where it is sent, and its code has ended.
        unsafe impl Send for Outside {}
        let stacks = Arc::new(Stacks::new(1));
        let Outside(waiter) = fiber(&stacks, |waiter| Outside(waiter.clone())).await.unwrap();
        assert!(waiter.is_abandoned() && waiter.yield_if_due().is_none());
        assert_eq!(waiter.wait(async { 1 }), None);
    }
}
