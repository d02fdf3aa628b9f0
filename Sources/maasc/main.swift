import ArgumentParser
import BundleIO
import Compiler
