package dev.sluice.proxy.intercept;

import java.util.ArrayDeque;
import java.util.Deque;

/** Steps back, for when a later step of several fails. */
final class Undo {
    /** A step back. */
    interface Step {
        void back() throws InterceptionException;
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    /** To be called before the change itself, for a change may fail half done. */
    void add(Step step) {
        steps.push(step);
    }

    /**
     * Takes all steps back, the last one first.
     *
     * @return what to tell the user: {@code failure}, and what could not be taken back if there is such
     */
    InterceptionException after(InterceptionException failure) {
        StringBuilder left = new StringBuilder();
        while (!steps.isEmpty()) {
            try {
                steps.pop().back();
            } catch (InterceptionException e) {
                left.append("; could not be taken back: ").append(e.getMessage());
                failure.addSuppressed(e);
            }
        }
        return left.isEmpty() ? failure : new InterceptionException(failure.getMessage() + left, failure);
    }
}
