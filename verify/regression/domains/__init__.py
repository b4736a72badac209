"""Domains as arrays: how points are drawn, paired and fed to eigenfunctions."""
