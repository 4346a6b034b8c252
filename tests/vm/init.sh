#!/bin/busybox sh
# shellcheck shell=dash
# init.sh: what the initramfs runs: loads what reaches the disk, and hands over to systemd there.
busybox mount -t devtmpfs dev /dev
busybox mount -t proc proc /proc
while read -r module; do
  busybox modprobe "$module"
done </modules
tries=0
until [ -b /dev/vda ] || [ $tries -eq 100 ]; do
  busybox sleep 0.1
  tries=$((tries + 1))
done
busybox mount -t ext4 /dev/vda /root
busybox umount /proc
busybox mount -o move /dev /root/dev
exec busybox switch_root /root /sbin/init
