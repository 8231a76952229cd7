import pytest
from atomflow import ModelError, read_model


def test_a_card_says_what_the_model_is(model):
    card = read_model(model)
    assert card.kind == "pinet"
    assert card.elements == ("H", "O")
    assert card.parameters > 100
    assert card.program.startswith("AtomFlow")
    assert card.potential
    assert "elements      H O" in str(card)


@pytest.mark.parametrize("content", [b"", b"1234", b"\xff" * 40, b"\x02" + b"\0" * 7 + b"[]"])
def test_other_files_are_refused_with_a_sentence(tmp_path, content):
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match="model.safetensors"):
        read_model(tmp_path)


def test_a_directory_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="expected a model directory"):
        read_model(tmp_path)


def test_a_damaged_model_is_refused(model, tmp_path):
    data = (model / "model.safetensors").read_bytes()
    for old, new in [(b'"format":"', b'"formal":"'), (b'"kind":"', b'"king":"')]:
        assert old in data
        (tmp_path / "model.safetensors").write_bytes(data.replace(old, new))
        with pytest.raises(ModelError, match="expected the key"):
            read_model(tmp_path)
