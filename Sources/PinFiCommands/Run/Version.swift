/// The version of pinfi.
let pinfiVersion = "0.1.0"
