// The population game of section 5, file by file beside this one.
