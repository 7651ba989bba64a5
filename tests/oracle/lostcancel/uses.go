package lostcancel

import (
	"context"
	"sync"
	"time"
)

func returned(c context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(c)
	return ctx, cancel
}

func returnedInLiteral(c context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(c)
	return ctx, func() { cancel() }
}

func stored(c context.Context, s *server) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	s.stop = cancel
}

func storedInLiteral(c context.Context) *server {
	_, cancel := context.WithCancel(c)
	return &server{stop: cancel}
}

func handedOver(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	keep(cancel)
}

func started(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	go func() {
		defer cancel()
		use(ctx)
	}()
}

func startedItself(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	go cancel()
}

func sent(c context.Context, ch chan context.CancelFunc) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	ch <- cancel
}

func afterTime(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	time.AfterFunc(time.Second, cancel)
}

func once(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	var o sync.Once
	use(ctx)
	o.Do(cancel)
}

func alias(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	stop := cancel
	use(ctx)
	stop()
}

func aliasForgotten(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	stop := cancel
	use(ctx)
	if b {
		stop()
	}
}

func blankUse(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	_ = cancel
	use(ctx)
}

func literalNotCalled(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	f := func() { cancel() }
	_ = f
	use(ctx)
}

func literalCalledLater(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	f := func() { cancel() }
	use(ctx)
	f()
}

func compared(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	if cancel != nil {
		use(ctx)
	}
}

func whereNotNil(c context.Context, b bool) {
	var ctx context.Context
	var cancel context.CancelFunc
	if b {
		ctx, cancel = context.WithCancel(c)
	}
	use(ctx)
	if cancel != nil {
		cancel()
	}
}

func assigned(c context.Context, b bool) {
	var ctx context.Context
	var cancel context.CancelFunc
	ctx, cancel = context.WithCancel(c)
	if b {
		return
	}
	use(ctx)
	cancel()
}

func assignedTwice(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	ctx, cancel = context.WithCancel(c)
	use(ctx)
	cancel()
}

func namedResult(c context.Context) (ctx context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithCancel(c)
	return
}

func deferredOnOneBranch(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	if b {
		defer cancel()
	}
	use(ctx)
}

func outside(c context.Context) {
	var cancel context.CancelFunc
	func() {
		_, cancel = context.WithCancel(c)
	}()
	cancel()
}

func onlyInCondition(c context.Context, b bool) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	func() {
		if b {
			cancel()
		}
	}()
}

func argument(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	func(f func()) { f() }(cancel)
}

func appended(c context.Context, list *[]func()) {
	ctx, cancel := context.WithCancel(c)
	use(ctx)
	*list = append(*list, cancel)
}

func deferredLoop(c context.Context, n int) {
	for range n {
		ctx, cancel := context.WithTimeout(c, 1)
		defer cancel()
		use(ctx)
	}
}

func waits(c context.Context) {
	ctx, cancel := context.WithCancel(c)
	done := make(chan struct{})
	go func() {
		use(ctx)
		close(done)
	}()
	<-done
	cancel()
}

func namedResultForgets(c context.Context, b bool) (ctx context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithCancel(c)
	if b {
		return nil, nil
	}
	return
}

func namedResultReturned(c context.Context, b bool) (ctx context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithCancel(c)
	if b {
		return c, cancel
	}
	return ctx, func() { cancel() }
}

func namedResultHandedOver(c context.Context, b bool) (ctx context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithCancel(c)
	keep(cancel)
	return nil, nil
}

func namedResultReplaced(c context.Context, b bool) (ctx context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithCancel(c)
	if b {
		return nil, func() {}
	}
	return
}

func namedResultInLoop(c context.Context, b bool) (ctx context.Context, cancel context.CancelFunc) {
	for b {
		ctx, cancel = context.WithCancel(c)
		if work(ctx) != nil {
			return ctx, cancel
		}
	}
	return nil, nil
}
