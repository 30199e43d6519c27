"""Sentences of Django and of other libraries that our readers meet and that our own message files say (again)."""

# REST framework, axes and Django's forms, as far as one of their own message files leaves them in English.
_UNTRANSLATED = (
    "Invalid input.",
    "Expected available in {wait} second.",
    "Expected available in {wait} seconds.",
    "Must be a valid boolean.",
    "Not a valid string.",
    'Enter a valid "slug" consisting of Unicode letters, numbers, underscores, or hyphens.',
    "Must be a valid UUID.",
    "A valid biginteger is required.",
    "Integer value too large to convert to float",
    'Invalid datetime for the timezone "{timezone}".',
    "Datetime value out of range.",
    "Ensure this field has at least {min_length} elements.",
    "Ensure this field has no more than {max_length} elements.",
    "This dictionary may not be empty.",
    "Surrogate characters are not allowed: U+{code_point:X}.",
    "Range query expects two values.",
    "Account locked: too many login attempts. Please try again later.",
    "Account locked: too many login attempts. Contact an admin to unlock your account.",
    "%(model)s instance with %(field)s %(value)r is not a valid choice.",
    "Error:",
    " By %(filter_title)s ",
    "access attempt",
    "access attempts",
    "access attempt expiration",
    "access attempt expirations",
    "Username",
    "IP Address",
    "User Agent",
    "Failed Logins",
    "Attempt Time",
)

# Django's Russian takes every model for a masculine noun and never declines it: "Добавить еще один заявка". Ours put the
# name where the nominative stands.
_UNDECLINED = (
    "Add %s",
    "Add %(name)s",
    "Add another %(verbose_name)s",
    "Change %s",
    "View %s",
    "Select %s",
    "Select %s to change",
    "Select %s to view",
    "Select all %(total_count)s %(module_name)s",
    "Delete selected %(verbose_name_plural)s",
    "Cannot delete %(name)s",
    "Added {name} “{object}”.",
    "Changed {fields} for {name} “{object}”.",
    "Deleted {name} “{object}”.",
    "The {name} “{obj}” was added successfully.",
    "The {name} “{obj}” was added successfully. You may add another {name} below.",
    "The {name} “{obj}” was changed successfully. You may edit it again below.",
    "The {name} “{obj}” was changed successfully. You may add another {name} below.",
    "The {name} “{obj}” was changed successfully.",
    "The %(name)s “%(obj)s” was deleted successfully.",
    "%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?",
    "%(model_name)s with this %(field_label)s already exists.",
    "%(model_name)s with this %(field_labels)s already exists.",
    "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account doesn't have "
    "permission to delete the following types of objects:",
    "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related objects:",
    'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items will be deleted:',
    "Deleting the selected %(objects_name)s would result in deleting related objects, but your account doesn't have permission to "
    "delete the following types of objects:",
    "Deleting the selected %(objects_name)s would require deleting the following protected related objects:",
    "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their related items will be deleted:",
    "Deleting %(class_name)s %(instance)s would require deleting the following protected related objects: %(related_objects)s",
)

# Those that differ by a number: one and many.
FOREIGN_PLURALS = (
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
FOREIGN_MESSAGES = (*_UNTRANSLATED, *_UNDECLINED)
