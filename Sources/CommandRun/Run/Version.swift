/// The version of pinfi.
package let pinfiVersion = "0.1.0"
