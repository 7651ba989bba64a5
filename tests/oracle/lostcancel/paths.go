// Package lostcancel has one function for each way in which statements lead past a cancel function, or do not.
package lostcancel

import (
	"context"
	"log"
	"os"
	"runtime"
	"testing"
	"time"
)

func use(context.Context)        {}
func work(context.Context) error { return nil }
func keep(context.CancelFunc)    {}

func calledAtOnce(c context.Context) {
	_, cancel := context.WithCancel(c)
	cancel()
}

func deferred(c context.Context) error {
	ctx, cancel := context.WithTimeout(c, time.Second)
	defer cancel()
	return work(ctx)
}

func deferredInLiteral(c context.Context) error {
	ctx, cancel := context.WithTimeout(c, time.Second)
	defer func() {
		cancel()
	}()
	return work(ctx)
}

func returnedOnOneBranch(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		return
	}
	use(ctx)
	cancel()
}

func calledOnOneBranch(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	if b {
		cancel()
	}
}

func calledOnBothBranches(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		use(ctx)
		cancel()
	} else {
		cancel()
	}
}

func elseIfForgets(c context.Context, n int) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	if n == 1 {
		cancel()
	} else if n == 2 {
		use(ctx)
	} else {
		cancel()
	}
}

func ifWithInit(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	if err := work(ctx); err != nil {
		return
	}
	cancel()
}

func deferredTooLate(c context.Context) error {
	ctx, cancel := context.WithDeadline(c, time.Now())
	if err := work(ctx); err != nil {
		return err
	}
	defer cancel()
	return work(ctx)
}

func namedCause(c context.Context) {
	ctx, cancel := context.WithCancelCause(c)
	use(ctx)
	cancel(nil)
}

func namedCauseForgotten(c context.Context, b bool) {
	ctx, cancel := context.WithCancelCause(c)
	if b {
		cancel(nil)
	}
	use(ctx)
}

func timeoutCause(c context.Context, b bool) error {
	ctx, cancel := context.WithTimeoutCause(c, time.Second, nil)
	if b {
		return nil
	}
	defer cancel()
	return work(ctx)
}

func forWithCondition(c context.Context, n int) {
	ctx, cancel := context.WithCancel(c)
	for i := 0; i < n; i++ {
		use(ctx)
		cancel()
	}
}

func forEver(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	for {
		if work(ctx) != nil {
			cancel()
			return
		}
	}
}

func forEverForgets(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	for {
		if b {
			return
		}
		if work(ctx) != nil {
			cancel()
			return
		}
	}
}

func forEverWithBreak(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	for {
		if work(ctx) != nil {
			break
		}
		if b {
			cancel()
			return
		}
	}
}

func neverLeaves(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	if false {
		cancel()
	}
	for {
		use(ctx)
	}
}

func blocksForEver(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		cancel()
		return
	}
	use(ctx)
	select {}
}

func insideLoop(c context.Context, n int) {
	for range n {
		ctx, cancel := context.WithCancel(c)
		if work(ctx) != nil {
			continue
		}
		cancel()
	}
}

func insideLoopCalled(c context.Context, list []int) {
	for _, n := range list {
		ctx, cancel := context.WithCancel(c)
		if n > 0 {
			use(ctx)
		}
		cancel()
	}
}

func rangeOver(c context.Context, list []int) {
	ctx, cancel := context.WithCancel(c)
	for range list {
		use(ctx)
		cancel()
	}
}

func labelledBreak(c context.Context, list [][]int) {
	ctx, cancel := context.WithCancel(c)
outer:
	for _, inner := range list {
		for _, n := range inner {
			if n == 0 {
				break outer
			}
			use(ctx)
		}
	}
	cancel()
}

func labelledContinue(c context.Context, list [][]int) {
outer:
	for _, inner := range list {
		ctx, cancel := context.WithCancel(c)
		for _, n := range inner {
			if n == 0 {
				continue outer
			}
			use(ctx)
		}
		cancel()
	}
}

func jumpsOver(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		goto end
	}
	cancel()
end:
	use(ctx)
}

func jumpsTo(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		goto end
	}
	use(ctx)
end:
	cancel()
}

func jumpsBack(c context.Context) {
	ctx, cancel := context.WithCancel(c)
again:
	if work(ctx) == nil {
		goto again
	}
	cancel()
}

func switchWithDefault(c context.Context, n int) {
	ctx, cancel := context.WithCancel(c)
	switch use(ctx); n {
	case 1:
		cancel()
	case 2, 3:
		cancel()
	default:
		cancel()
	}
}

func switchWithoutDefault(c context.Context, n int) {
	ctx, cancel := context.WithCancel(c)
	switch use(ctx); n {
	case 1:
		cancel()
	case 2:
		cancel()
	}
}

func switchFallsThrough(c context.Context, n int) {
	ctx, cancel := context.WithCancel(c)
	switch use(ctx); n {
	case 1:
		fallthrough
	case 2:
		cancel()
	default:
		cancel()
	}
}

func switchBreaks(c context.Context, n int) {
	ctx, cancel := context.WithCancel(c)
	switch use(ctx); n {
	case 1:
		if n > 0 {
			break
		}
		cancel()
	default:
		cancel()
	}
}

func switchWithoutTag(c context.Context, n int) error {
	ctx, cancel := context.WithCancel(c)
	switch {
	case n == 1:
		return work(ctx)
	case n == 2:
	}
	cancel()
	return nil
}

func typeSwitch(c context.Context, v any) {
	ctx, cancel := context.WithCancel(c)
	switch v := v.(type) {
	case int:
		_ = v
		cancel()
	case string:
		use(ctx)
	default:
		cancel()
	}
}

func typeSwitchAll(c context.Context, v any) {
	ctx, cancel := context.WithCancel(c)
	switch v.(type) {
	case int, string:
		cancel()
	default:
		use(ctx)
		cancel()
	}
}

func selects(c context.Context, ch chan int) {
	ctx, cancel := context.WithCancel(c)
	select {
	case <-ctx.Done():
		cancel()
	case ch <- 1:
		cancel()
	}
}

func selectForgets(c context.Context, ch chan int) {
	ctx, cancel := context.WithCancel(c)
	select {
	case <-ctx.Done():
	case n := <-ch:
		_ = n
		cancel()
	}
}

func selectInLoop(c context.Context, ch chan int) {
	ctx, cancel := context.WithCancel(c)
	for {
		select {
		case <-ctx.Done():
			cancel()
			return
		case <-ch:
			break
		}
	}
}

func selectLeavesLoop(c context.Context, ch chan int) {
	ctx, cancel := context.WithCancel(c)
loop:
	for {
		select {
		case <-ctx.Done():
			cancel()
			return
		case <-ch:
			break loop
		}
	}
}

func panics(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		panic("no")
	}
	use(ctx)
	cancel()
}

func exits(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		os.Exit(1)
	}
	use(ctx)
	cancel()
}

func logsAndExits(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		log.Fatalf("no: %v", ctx)
	}
	cancel()
}

func blocks(c context.Context, b bool) {
	{
		ctx, cancel := context.WithCancel(c)
		use(ctx)
		{
			cancel()
		}
	}
}

func declaredWithVar(c context.Context, b bool) {
	var ctx, cancel = context.WithCancel(c)
	if b {
		use(ctx)
		return
	}
	cancel()
}

func declaredWithVarCalled(c context.Context) {
	var ctx, cancel = context.WithCancel(c)
	use(ctx)
	cancel()
}

func conditionIsShort(c context.Context, b bool) bool {
	_, cancel := context.WithCancel(c)
	return b && func() bool { cancel(); return true }()
}

func deadCode(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	return
	cancel()
}

func inLiteral(c context.Context) func(bool) {
	return func(b bool) {
		ctx, cancel := context.WithCancel(c)
		if b {
			return
		}
		use(ctx)
		cancel()
	}
}

func inLiteralCalled(c context.Context) func() {
	return func() {
		ctx, cancel := context.WithCancel(c)
		defer cancel()
		use(ctx)
	}
}

type server struct{ stop context.CancelFunc }

func (s *server) methodForgets(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		s.stop = cancel
		return
	}
	use(ctx)
}

func twoOfThem(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	inner, stop := context.WithCancel(ctx)
	use(inner)
	if b {
		cancel()
		return
	}
	stop()
	cancel()
}

func (s *server) quit()   { os.Exit(1) }
func (s *server) give()   { s.quit() }
func (s *server) spin()   { select {} }
func (s *server) revive() { defer func() { _ = recover() }(); panic(1) }

func endsInMethod(c context.Context, s *server, b bool) {
	_, cancel := context.WithCancel(c)
	if b {
		s.give()
	}
	cancel()
}

func endsForEver(c context.Context, s *server, b bool) {
	_, cancel := context.WithCancel(c)
	if b {
		s.spin()
	}
	cancel()
}

func methodReturns(c context.Context, s *server, b bool) {
	_, cancel := context.WithCancel(c)
	if b {
		s.revive()
		return
	}
	cancel()
}

func testFails(c context.Context, t testing.TB, b bool) {
	_, cancel := context.WithCancel(c)
	if b {
		t.Fatalf("no")
	}
	cancel()
}

func goroutineEnds(c context.Context, b bool) {
	_, cancel := context.WithCancel(c)
	if b {
		runtime.Goexit()
	}
	cancel()
}

func gotoOutOfLoop(c context.Context, n int) {
	_, cancel := context.WithCancel(c)
	for {
		for range n {
			goto out
		}
		cancel()
		return
	}
out:
	log.Print("out")
}

func switchFallsToCall(c context.Context, n int) {
	_, cancel := context.WithCancel(c)
	switch n {
	case 1:
		fallthrough
	case 2:
		cancel()
	case 3:
		panic(n)
	default:
		select {}
	}
}

func typeSwitchBreaks(c context.Context, v any) {
	_, cancel := context.WithCancel(c)
outer:
	for {
		switch v.(type) {
		case int:
			break outer
		case string:
			continue outer
		default:
			cancel()
			return
		}
	}
}
