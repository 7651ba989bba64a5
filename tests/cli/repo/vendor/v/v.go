package v

var vendored interface{}
