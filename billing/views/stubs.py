def nothing(request, **kwargs):
    raise NotImplementedError
