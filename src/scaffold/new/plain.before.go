package p

import (
	"fmt"
	"log"
)

func start(run func() error) {
	if err := run(); err != nil {
		log.Fatal(fmt.Sprintf("cannot start: %v", err))
	}
}
