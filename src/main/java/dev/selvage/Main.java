package dev.selvage;
/// The program.
public final class Main { private Main() {} 
public static void main(String[] a) {} }
