declare module '@ffmpeg-installer/ffmpeg';
declare module '@ffprobe-installer/ffprobe';
