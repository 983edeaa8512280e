# The same work in R: Rscript benchmarks/peers.R PACKAGE TASK FILE SECONDS; the last line printed is JSON.
given <- commandArgs(TRUE)
package <- given[1]
frame <- read.csv(given[3], header = FALSE)
ratings <- sprintf("t%02d", seq_len(ncol(frame) - 1) - 1)
names(frame) <- c(ratings, "outcome")
everything <- reformulate(ratings, "outcome")

tasks <- list(
  relaimpo_lmg = function() relaimpo::calc.relimp(everything, frame, type = "lmg")@lmg,
  relaimpo_bootstrap = function() {
    relaimpo::boot.relimp(everything, frame, b = 1000, type = "lmg", rank = FALSE, diff = FALSE)
    numeric(0)
  },
  domir_lmg = function() {
    domir::domir(everything, function(formula) summary(lm(formula, frame))$r.squared)$General_Dominance
  },
  rwa_weights = function() {
    found <- rwa::rwa(frame, "outcome", ratings)$result
    found$Raw.RelWeight[match(ratings, found$Variables)]
  },
  clm_ordered = function() {
    frame$outcome <- factor(frame$outcome)
    tail(coef(ordinal::clm(everything, data = frame)), length(ratings))
  }
)

loadNamespace(package)
best <- Inf
begun <- proc.time()[["elapsed"]]
repeat {
  best <- min(best, system.time(answer <- tasks[[given[2]]]())[["elapsed"]])
  if (proc.time()[["elapsed"]] - begun >= as.numeric(given[4])) break
}
status <- if (file.exists("/proc/self/status")) grep("VmHWM", readLines("/proc/self/status"), value = TRUE) else "NaN"
peak <- as.numeric(gsub("[^0-9.NaN]", "", sub("VmHWM", "", status))) / 1024
cat(sprintf(
  '\n{"version": "%s", "seconds": %.6g, "peak": %s, "answer": [%s]}\n',
  packageVersion(package), best, ifelse(is.nan(peak), "NaN", format(peak)),
  paste(sprintf("%.17g", answer), collapse = ", ")
))
