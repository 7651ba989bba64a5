package srv

import "time"

/* ß */ var third interface{}

func wait() {
	time.Sleep(10)
	time.Sleep( /* keep me */ 20)
}
