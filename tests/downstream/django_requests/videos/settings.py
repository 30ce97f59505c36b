"""A site with one application, and no database."""

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
DEBUG = False
ROOT_URLCONF = "videos.urls"
DATABASES = {}
MINDVIDEO_URL = "https://api.mindvideo.ai"
MINDVIDEO_KEY = "mv_live_xxx"
