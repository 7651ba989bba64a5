package p

import (
	"fmt"
	"log"
)

func stop(err error) {
	log.Fatal("cannot stop: ", fmt.Sprintf("%q", err))
}
