package srv

var fourth interface{}
