from tests.toy import clip_of
def test_it(toy, monkeypatch):
    import time
    toy.spec('a'); toy.run('a')
    toy.spec('d')
    t=time.process_time(); w=time.time(); r=toy.run('d'); print(time.process_time()-t, time.time()-w)
    t=time.process_time(); w=time.time(); r=toy.rests('d'); print(time.process_time()-t, time.time()-w)
