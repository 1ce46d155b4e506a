"""`make bench`: what each operation costs, at three sizes of data, beside a bare page in the same run."""
